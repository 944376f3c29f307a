declare const link: string
