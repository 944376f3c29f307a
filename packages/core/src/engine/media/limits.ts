/** Tracks that one answer may have. */
export const maxTracks = 8
/** Sections that one answer may take: those of audio and of video are not used for each other. */
export const sectionsPerAnswer = 2 * maxTracks
/** Sections that one connection may have for audio and video; the protocol has no bound, and browsers slow down. */
export const maxSections = 64
/** Sections that a description may have: ours, the remote's, and the data channel's. */
export const maxAllSections = 2 * maxSections + 1
