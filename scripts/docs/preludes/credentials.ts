declare const username: string
declare const credential: string
