/** What is left to read, in another turn: to call for more of it, which gives what is left then. null: nothing. */
export type Unread = (() => Unread) | null

/** Goes on with `next` once `unread` is read. */
export const afterwards = (unread: Unread, next: () => Unread): Unread =>
  unread ? () => afterwards(unread(), next) : next()
