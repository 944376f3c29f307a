import { type SubmitEvent, useId, useState } from 'react'
import { type Draft, edited, isOvertaken, leftOf } from '../shared/draft'

interface BoardFieldProps {
  label: string
  /** Lines of a longer text. */
  rows?: number
  /** What the device has. */
  value: string
  onSave: (draft: Draft) => Promise<void>
}

/** One text of the board, edited here and saved there. */
export function BoardField({ label, rows, value, onSave }: BoardFieldProps) {
  const id = useId()
  const [draft, setDraft] = useState<Draft | null>(null)
  const [problem, setProblem] = useState('')

  const write = (next: Draft | null) => {
    setDraft(next)
    setProblem('')
  }
  const save = async (event: SubmitEvent) => {
    event.preventDefault()
    if (!draft) return
    setProblem('')
    try {
      await onSave(draft)
      setDraft((now) => leftOf(now, draft))
    } catch (error) {
      setProblem((error as Error).message)
    }
  }
  const shared = {
    id,
    value: draft?.text ?? value,
    onChange: ({ target }: { target: { value: string } }) => write(edited(draft, target.value, value)),
  }

  return (
    <form className="field" onSubmit={save}>
      <label htmlFor={id}>{label}</label>
      {rows ? <textarea {...shared} rows={rows} /> : <input {...shared} />}
      {isOvertaken(draft, value) && draft ? (
        <div className="notice" role="alert" data-tone="busy">
          <p>Somebody else has changed this to “{value}”</p>
          <button type="button" onClick={() => write(null)}>
            Take theirs
          </button>
          <button type="button" className="plain" onClick={() => write({ from: value, text: draft.text })}>
            Keep mine
          </button>
        </div>
      ) : (
        <>
          {problem !== '' && (
            <p className="problem" role="alert">
              {problem}
            </p>
          )}
          {draft && (
            <div className="choice">
              <button type="submit" className="main">
                Save
              </button>
              <button type="button" className="plain" onClick={() => write(null)}>
                Discard
              </button>
            </div>
          )}
        </>
      )}
    </form>
  )
}
