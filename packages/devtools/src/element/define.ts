import { DevtoolsElement, tagName } from './devtools'

/** Defines the element, once whatever has been loaded, and puts one on the page that has none. */
export const show = (): void => {
  if (!customElements.get(tagName)) customElements.define(tagName, DevtoolsElement)
  const append = () => {
    if (!document.querySelector(tagName)) document.body.append(document.createElement(tagName))
  }
  if (document.body) append()
  else document.addEventListener('DOMContentLoaded', append, { once: true })
}
