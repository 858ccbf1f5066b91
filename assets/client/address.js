// Addresses: which file of this site one leads to, and the same one asked for anew.

const bust = "huygens"

// pathOf is the decoded path of an address of this site; "" for any other.
function pathOf(address, base) {
  let url
  try {
    url = new URL(address, base || document.baseURI)
  } catch {
    return ""
  }
  return url.origin === location.origin ? decoded(url.pathname) : ""
}

function decoded(path) {
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}

// anew is the address with a query that no cache has seen.
function anew(address, base) {
  const url = new URL(address, base || document.baseURI)
  url.searchParams.set(bust, Date.now().toString(36))
  return url.href
}

// roots are the document and all open shadow roots in it.
function roots() {
  const all = [document]
  for (const root of all) {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) all.push(element.shadowRoot)
    }
  }
  return all
}

// rulesOf is empty where the browser keeps the rules of a foreign style sheet to itself.
function rulesOf(sheet) {
  try {
    return sheet ? [...sheet.cssRules] : []
  } catch {
    return []
  }
}
