declare const path: string
