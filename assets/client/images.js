// Images are swapped wherever they stand: in elements, in style attributes, in the rules of style sheets.

const places = [
  ["img, input, embed, source", "src"],
  ["img, source", "srcset"],
  ["link", "imagesrcset"],
  ["video", "poster"],
  ["object", "data"],
  ["image, use", "href"],
  ['link[rel~="icon" i]', "href"],
]

function swapImages(paths) {
  for (const root of roots()) {
    for (const [selector, attribute] of places) {
      for (const element of root.querySelectorAll(selector)) swapAttribute(element, attribute, paths)
    }
    for (const element of root.querySelectorAll("[style]")) swapStyle(element.style, document.baseURI, paths)
    for (const sheet of [...root.styleSheets, ...(root.adoptedStyleSheets || [])]) swapRules(sheet, sheet, paths)
  }
}

function swapAttribute(element, attribute, paths) {
  const value = element.getAttribute(attribute)
  if (!value) return
  if (!attribute.endsWith("srcset")) {
    if (paths.has(pathOf(value))) element.setAttribute(attribute, anew(value))
    return
  }
  const candidates = value.replace(/([^\s,]\S*[^\s,])/g, (part) => (paths.has(pathOf(part)) ? anew(part) : part))
  if (candidates !== value) element.setAttribute(attribute, candidates)
}

function swapRules(group, sheet, paths) {
  for (const rule of rulesOf(group)) {
    if (rule.styleSheet) swapRules(rule.styleSheet, rule.styleSheet, paths)
    if (rule.style) swapStyle(rule.style, sheet.href || document.baseURI, paths)
    if (rule.cssRules) swapRules(rule, sheet, paths)
  }
}

// swapStyle loads each new image before it is put in, so that nothing flashes.
function swapStyle(style, base, paths) {
  if (!style.cssText.includes("url(")) return
  for (const name of [...style]) {
    const value = style.getPropertyValue(name)
    let image = ""
    const changed = value.replace(/url\((["']?)(.*?)\1\)/g, (whole, _, address) => {
      if (!paths.has(pathOf(address, base))) return whole
      image = anew(address, base)
      return `url("${image}")`
    })
    if (!image) continue
    const probe = new Image()
    probe.onload = probe.onerror = () => style.setProperty(name, changed, style.getPropertyPriority(name))
    probe.src = image
  }
}
