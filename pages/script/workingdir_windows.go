package script

// workingDir is an absolute path that esbuild can name; nothing is read or written there.
const workingDir = `C:\`
