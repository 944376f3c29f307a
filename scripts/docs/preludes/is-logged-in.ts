declare function isLoggedIn(request: import('node:http').IncomingMessage): boolean
