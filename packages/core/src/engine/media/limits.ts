/** Tracks that one answer may have. */
export const maxTracks = 8
/** Sections that one answer may take: those of audio and of video are not used for each other. */
export const sectionsPerAnswer = 2 * maxTracks
/** Sections that one connection may have for audio and video; the protocol has no bound, and browsers slow down. */
export const maxSections = 64
