/** What the QR code of the terminal brings behind the `#`, taken out of the address bar; '' for any other address. */
export const takeInvitation = (): string => {
  const invitation = new URLSearchParams(window.location.hash.slice(1)).get('pair')
  if (invitation) history.replaceState(history.state, '', window.location.pathname)
  return invitation ?? ''
}
