import { asNanopeerError, NanopeerError } from '../../base/errors'
import type { KnownRemote } from '../../base/known'
import { resolveLimits } from '../../base/limits'
import type { IncomingOffer, Link, Signalling, Standing, Verdict } from '../../base/transport'
import { Admission } from '../admission'
import { HandshakeChannel } from '../handshake/channel'
import { refuseLink } from '../handshake/open-link'
import {
  codeLifetime,
  codeOf,
  createDigits,
  createToken,
  createWords,
  type Invitation,
  type PairingForm,
  qrTextOf,
} from './code'
import type { PairingContext } from './context'
import { HostExchange } from './exchange'
import { becomeAcquainted, giveUp, notLetIn, rendezvousPrefix } from './rendezvous'

/** How long one exchange may take, ms: nobody else is heard meanwhile. */
const exchangeTimeout = 5_000
/** How often a code may be tried; one guess in two million is right. */
const maxGuesses = 3
/** How often digits are drawn before a server that has given them all away is not believed. */
const maxDraws = 10

/** One code, while it is shown. */
interface Drawn {
  readonly rendezvousId: string
  readonly invitations: Readonly<Record<PairingForm, Invitation>>
  signalling: Signalling | null
  /** It has been shown. */
  isOpen: boolean
}

/** Shows a code, and waits for the device that knows it. */
export const showCode = (context: PairingContext): Promise<KnownRemote> => new PairingHost(context).run()

class PairingHost {
  private readonly admission
  private readonly expiresAt = Date.now() + codeLifetime
  private drawn: Drawn | null = null
  private draws = 0
  /** Over all that were drawn: whoever makes us draw again gets no more of them. */
  private guesses = 0
  private isExchanging = false
  private isConfirmed = false
  private isKeeping = false
  /** Why it was given up: nobody is kept after that. */
  private failure: NanopeerError | null = null
  private stopDeadline = () => {}
  private settle!: { resolve(remote: KnownRemote): void; reject(error: NanopeerError): void }

  constructor(private readonly context: PairingContext) {
    this.admission = new Admission(context.clock, resolveLimits())
  }

  async run(): Promise<KnownRemote> {
    const { signal } = this.context
    const settled = new Promise<KnownRemote>((resolve, reject) => {
      this.settle = { resolve, reject }
    })
    const abort = () => this.fail(signal.reason as NanopeerError)
    signal.addEventListener('abort', abort)
    try {
      this.restartDeadline('Nobody has typed this code within two minutes. Make a new one.')
      if (signal.aborted) abort()
      else this.draw()
      return await settled
    } finally {
      signal.removeEventListener('abort', abort)
      this.stopDeadline()
      this.withdraw()
      this.admission.abort()
    }
  }

  private fail(error: NanopeerError): void {
    // Whoever is being kept is paired, also where it was given up in that moment.
    if (this.isKeeping) return
    this.failure ??= error
    this.settle.reject(error)
  }

  private keep(remote: KnownRemote): Promise<void> {
    if (this.failure) throw this.failure
    this.isKeeping = true
    return this.context.keep(remote)
  }

  private restartDeadline(message: string): void {
    this.stopDeadline()
    this.stopDeadline = this.context.clock.after(codeLifetime, () =>
      this.fail(new NanopeerError('TIMEOUT', message)),
    )
  }

  private draw(): void {
    this.withdraw()
    if (++this.draws > maxDraws) {
      const message = 'The signalling server says of every rendezvous that it is taken. Try again later.'
      return this.fail(new NanopeerError('ID_TAKEN', message))
    }
    const digits = createDigits()
    const expected = null
    const drawn: Drawn = {
      rendezvousId: rendezvousPrefix + digits,
      invitations: {
        code: { digits, form: 'code', password: createWords(), expected },
        qr: { digits, form: 'qr', password: createToken(), expected },
      },
      signalling: null,
      isOpen: false,
    }
    this.drawn = drawn
    const isShown = () => this.drawn === drawn
    drawn.signalling = this.context.transport.join(drawn.rendezvousId, this.context.signalling, {
      connecting: () => {},
      open: () => isShown() && this.show(drawn),
      taken: () => isShown() && this.draw(),
      disconnected: (error, retryAt) => {
        if (!isShown()) return
        if (error.code === 'ID_TAKEN') this.draw()
        else if (!drawn.isOpen) this.fail(notLetIn(error))
        else if (retryAt === null) this.fail(error)
      },
      offer: (offer) => (isShown() ? this.offered(offer) : 'ignored'),
      link: (link, standing) => void this.incoming(drawn, link, standing),
      plain: (channel) => void channel.close(0),
    })
    // It may have been given up in the middle of joining.
    if (!isShown()) void drawn.signalling.leave()
  }

  /** The code is not to be found any more; links that it has brought stay. */
  private withdraw(): void {
    const signalling = this.drawn?.signalling
    this.drawn = null
    void signalling?.leave()
  }

  private show(drawn: Drawn): void {
    drawn.isOpen = true
    const { code, qr } = drawn.invitations
    const { id, identity } = this.context
    this.context.waiting({
      code: codeOf(code.digits, code.password),
      qr: qrTextOf(qr.digits, qr.password, { id, key: identity.key }),
      expiresAt: this.expiresAt,
      guessesLeft: maxGuesses - this.guesses,
    })
  }

  private offered({ remoteId }: IncomingOffer): Verdict {
    const limit = this.admission.dialled(remoteId) ?? this.admission.ignores('stranger', null)
    if (!limit) return 'stranger'
    return limit === 'handshakes' && this.admission.tells() ? 'busy' : 'ignored'
  }

  private async incoming(
    { rendezvousId, invitations }: Drawn,
    link: Link,
    standing: Standing,
  ): Promise<void> {
    const refusal = this.isConfirmed ? busy() : this.admission.refusal(link, standing)
    if (refusal) return refuseLink(link, refusal)
    const { remoteId } = link
    const channel = new HandshakeChannel(link, this.context.clock, exchangeTimeout, 0)
    const exchange = new HostExchange(channel, { A: remoteId, B: rendezvousId })
    const handshake = {
      remoteId,
      standing,
      isDecided: false,
      giveUp: (error: NanopeerError) => channel.abort(error),
    }
    const leave = this.admission.enter(handshake)
    let hasGuessed = false
    try {
      await exchange.hear()
      this.countGuess()
      hasGuessed = true
      handshake.isDecided = true
      const acquaintance = await exchange.confirm(invitations, this.context, () => this.confirmed())
      const keep = (remote: KnownRemote) => this.keep(remote)
      this.settle.resolve(await becomeAcquainted({ ...this.context, keep }, acquaintance))
      channel.release()
      void link.close()
    } catch (error) {
      giveUp(channel, error)
      if (hasGuessed) this.guessFailed(error)
    } finally {
      leave()
    }
  }

  /**
   * Before anything is sent that depends on the code, so that no way of breaking off makes a guess free.
   *
   * @throws `NanopeerError` `OVERLOADED` where another one is under way.
   */
  private countGuess(): void {
    if (this.isExchanging || this.isConfirmed || this.guesses >= maxGuesses) throw busy()
    this.isExchanging = true
    this.guesses++
    if (this.drawn) this.show(this.drawn)
  }

  /** The code is spent: nobody else may try it, and the user has time. */
  private confirmed(): void {
    this.isConfirmed = true
    this.restartDeadline('Nobody has said within two minutes whether the known key is to be replaced.')
    this.withdraw()
  }

  private guessFailed(cause: unknown): void {
    this.isExchanging = false
    if (this.isConfirmed) this.settle.reject(asNanopeerError(cause))
    else if (this.guesses >= maxGuesses) {
      const message = `A wrong code was tried ${maxGuesses} times. Make a new one, if it was you.`
      this.fail(new NanopeerError('REFUSED', message, { cause }))
    }
  }
}

const busy = () => new NanopeerError('OVERLOADED', 'This code is being tried by another device; try again.')
