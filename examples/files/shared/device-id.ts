/** Under this id the device can be found. Ids prove nothing: the key does that the page has learned by pairing. */
export const deviceId = 'files'
