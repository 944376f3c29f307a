declare function readFolder(path: string): Promise<{ name: string; size: number }[]>
