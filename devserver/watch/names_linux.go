package watch

// exactNames: an event names the very file that changed, and a stat of the name finds this file only.
const exactNames = true
