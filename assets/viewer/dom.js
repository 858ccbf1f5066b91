// Elements are made here and nowhere else. Texts of requests only ever become text nodes.

/** Makes an element with a class, a text and children. */
export function make(tag, className, text, ...children) {
  const element = document.createElement(tag)
  if (className) element.className = className
  if (text !== undefined && text !== null && text !== "") element.textContent = text
  element.append(...children)
  return element
}

/** Sets attributes; null takes one away. */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null) element.removeAttribute(name)
    else element.setAttribute(name, value)
  }
  return element
}

/** Changes a text only if it differs: rows are filled anew all the time. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text
}

export const byId = (id) => document.getElementById(id)
