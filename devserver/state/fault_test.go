package state

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var errInjected = errors.New("injected")

// A failingDisk fails at its n-th step. From then on, if dead is set, nothing happens any more, as when the
// power goes; else the steps after it work, as when a disk was full for a moment.
type failingDisk struct {
	realDisk
	at, steps int
	dead      bool
}

func (d *failingDisk) step() error {
	d.steps++
	if d.steps == d.at || d.dead && d.steps > d.at {
		return errInjected
	}
	return nil
}

func (d *failingDisk) createTemp(dir string) (tempFile, error) {
	if err := d.step(); err != nil {
		return nil, err
	}
	f, err := d.realDisk.createTemp(dir)
	return &failingFile{f, d}, err
}

func (d *failingDisk) link(old, name string) error {
	if err := d.step(); err != nil {
		return err
	}
	return d.realDisk.link(old, name)
}

func (d *failingDisk) rename(old, name string) error {
	if err := d.step(); err != nil {
		return err
	}
	return d.realDisk.rename(old, name)
}

func (d *failingDisk) remove(name string) error {
	if err := d.step(); err != nil {
		return err
	}
	return d.realDisk.remove(name)
}

func (d *failingDisk) syncFolder(dir string) error {
	if err := d.step(); err != nil {
		return err
	}
	return d.realDisk.syncFolder(dir)
}

type failingFile struct {
	tempFile
	disk *failingDisk
}

// Write writes one byte a step, so that every prefix of the file is tried.
func (f *failingFile) Write(p []byte) (int, error) {
	for i := range p {
		if err := f.disk.step(); err != nil {
			return i, err
		}
		if _, err := f.tempFile.Write(p[i : i+1]); err != nil {
			return i, err
		}
	}
	return len(p), nil
}

func (f *failingFile) Sync() error {
	if err := f.disk.step(); err != nil {
		return err
	}
	return f.tempFile.Sync()
}

func (f *failingFile) Close() error { // the system closes files by itself
	return errors.Join(f.disk.step(), f.tempFile.Close())
}

// Whatever step fails, the file holds the old value or the new one, and after the fault everything works.
func TestEveryWriteFault(t *testing.T) {
	for _, dead := range []bool{false, true} {
		for at := 1; ; at++ {
			s, site := open(t)
			for port := 8001; port <= 8002; port++ {
				if err := s.RememberPort(site, port); err != nil {
					t.Fatal(err)
				}
			}
			disk := &failingDisk{at: at, dead: dead}
			s.disk = disk
			err := s.RememberPort(site, 9000)
			if disk.steps < at {
				if err != nil || at < 20 {
					t.Fatalf("without a fault: %v, %d steps", err, disk.steps)
				}
				break
			}
			checkAfterFault(t, s.dir, site, fmt.Sprintf("step %d, dead %v: %v", at, dead, err), err == nil)
		}
	}
}

func checkAfterFault(t *testing.T, dir, site, what string, written bool) {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	s.Tell = func(err error) { t.Errorf("%s: a file is damaged: %v", what, err) }
	if got := s.Port(site); got != 9000 && (got != 8002 || written) {
		t.Errorf("%s: port %d", what, got)
	}
	if err := s.RememberPort(site, 9001); err != nil || s.Port(site) != 9001 {
		t.Errorf("%s: then %d, %v", what, s.Port(site), err)
	}
}

func TestNothingIsLeftBehind(t *testing.T) {
	s, site := open(t)
	for at := 1; at < 100; at++ {
		s.disk = &failingDisk{at: at}
		_ = s.RememberPort(site, 8000+at) // may fail: that is the point
	}
	entries, err := os.ReadDir(filepath.Join(s.dir, "sites"))
	if err != nil {
		t.Fatal(err)
	}
	left := 0
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".new-") {
			left++
		}
	}
	if left > 1 { // the one whose removal was the step that failed
		t.Errorf("%d temporary files are left", left)
	}
}

// Every way in which a file can be damaged is told, and nothing is made of it.
func TestDamage(t *testing.T) {
	for _, damage := range []string{"", "null", "[]", "3", `{"port":`, `{"port":"x"}`, "\x00\x00", `{"port":8002}x`} {
		s, site := open(t)
		var told []string
		s.Tell = func(err error) { told = append(told, err.Error()) }
		for port := 8001; port <= 8002; port++ {
			if err := s.RememberPort(site, port); err != nil {
				t.Fatal(err)
			}
		}
		_, path, err := s.site(site)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(damage), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := s.Port(site); got != 8001 {
			t.Errorf("%q: port %d", damage, got)
		}
		s.Port(site)
		if len(told) != 1 || !strings.Contains(told[0], "the version before it is used") {
			t.Errorf("%q: told %q", damage, told)
		}
		if err := os.WriteFile(path+".bak", []byte(damage), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Trusted(site); err == nil {
			t.Errorf("%q: both are damaged and nothing is told", damage)
		}
		if err := s.RememberPort(site, 1); err == nil {
			t.Errorf("%q: it was overwritten", damage)
		}
		if _, err := s.Key(site); err == nil {
			t.Errorf("%q: a new key was made", damage)
		}
	}
}

func TestBadKeyIsTold(t *testing.T) {
	s, site := open(t)
	if err := s.change(site, func(st *siteState) error { st.Key = "00"; return nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Key(site); err == nil {
		t.Error("a key of one byte was taken, or replaced")
	}
}
