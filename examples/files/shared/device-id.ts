/** Under this id the device can be found. Ids prove nothing: the secret does. */
export const deviceId = 'files'
