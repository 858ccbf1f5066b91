package source

import (
	"io/fs"
	"syscall"
)

const openNonblock = syscall.O_NONBLOCK

func systemState(info fs.FileInfo) (changed int64, inode uint64) {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return st.Ctim.Nano(), st.Ino
	}
	return 0, 0
}

// stampOf is a plain stat: names come from the resolver or were opened through the Root before.
func stampOf(folder, name string) Stamp {
	var st syscall.Stat_t
	if err := syscall.Stat(folder+"/"+name, &st); err != nil {
		return Stamp{}
	}
	s := Stamp{Kind: Other, Size: st.Size, Modified: st.Mtim.Nano(), Changed: st.Ctim.Nano(), Inode: st.Ino}
	switch st.Mode & syscall.S_IFMT {
	case syscall.S_IFREG:
		s.Kind = Regular
	case syscall.S_IFDIR:
		s.Kind = Directory
	}
	return s
}
