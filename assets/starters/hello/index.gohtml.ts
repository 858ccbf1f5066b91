// The code behind index.gohtml. It runs on the server, once for each request; the browser never sees it.
// Try: change gravity to 1.62 (the Moon's) and save. Then read the trace: this ran in the stage Load.

const gravity = 9.81 // metres per second squared

function period(centimetres: number): string {
  const seconds = 2 * Math.PI * Math.sqrt(centimetres / 100 / gravity)
  return seconds.toFixed(2)
}

// Page_Load is found by its name, as are Page_Init, Page_PreRender, Page_Unload and the others.
export function Page_Load() {
  const asked = Number(request.query.length ?? 25)
  const possible = asked >= 1 && asked <= 400
  const length = possible ? Math.round(asked) : 25

  page.data.length = length
  page.data.period = period(length)
  page.data.problem = possible ? "" : "Between 1 and 400 centimetres, please."
  page.data.others = [
    { where: "A metronome", length: 12 },
    { where: "A seconds pendulum", length: 99 },
    { where: "A grandfather clock", length: 100 },
    { where: "A playground swing", length: 240 },
  ].map((other) => ({ ...other, period: period(other.length) }))

  trace.write(`${length} cm swing in ${page.data.period} s`) // shows in the trace's log
}
