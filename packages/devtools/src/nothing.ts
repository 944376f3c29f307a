// What `@nanopeer/devtools` is in production.
export {}
