package watch

import "syscall"

// remoteSystems are the file systems that bring no events for changes made elsewhere.
var remoteSystems = map[int64]string{
	0x6969: "NFS", 0x517b: "SMB", 0xfe534d42: "SMB", 0xff534d42: "SMB", 0x01021997: "9p (WSL or a virtual machine)",
	0x786f4256: "a shared folder of VirtualBox", 0x7c7c6673: "a shared folder of Parallels", 0xbacbacbc: "a shared folder of VMware",
	0x5346414f: "AFS", 0x00c36400: "Ceph", 0x65735546: "FUSE",
}

// remote names the kind of network folder that path lies in; "" if its events can be believed.
func remote(path string) string {
	var st syscall.Statfs_t
	if err := syscall.Statfs(path, &st); err != nil {
		return ""
	}
	return remoteSystems[int64(st.Type)&0xffffffff]
}
