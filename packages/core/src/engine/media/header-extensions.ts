/** No two parts of it take the same letters: a remote's may be half a megabyte long, and is read once. */
const extension = /^a=extmap:(\d+)(?:\/\S*)? (\S+).*(?:\r\n|\n|$)/gm

/**
 * The numbers of RTP header extensions over one link, as our own descriptions have had them. Browsers number them each in
 * its own way, and Chromium 156 remembers those of an offer that was taken back: it refuses whatever gives one of them
 * another meaning, in any section and at any time, and makes no description itself from then on.
 * Source: https://www.rfc-editor.org/rfc/rfc8285#section-6
 */
export class HeaderExtensions {
  private readonly meanings = new Map<string, string>()

  /** We have said this. */
  said(sdp: string): void {
    for (const [, number = '', meaning = ''] of sdp.matchAll(extension)) this.meanings.set(number, meaning)
  }

  /** The remote's description without those whose number is another's here: what is not answered is not used. */
  withoutOthers(sdp: string): string {
    return sdp.replace(extension, (line, number: string, meaning: string) =>
      (this.meanings.get(number) ?? meaning) === meaning ? line : '',
    )
  }
}
