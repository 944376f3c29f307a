export declare const firefoxPreferences: Readonly<Record<string, string | number | boolean>>
export declare function findFirefox(): string | undefined
