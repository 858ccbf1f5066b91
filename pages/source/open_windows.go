package source

const openNonblock = 0
