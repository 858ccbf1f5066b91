package devserver

import (
	"errors"
	"slices"
	"time"

	"huygens/devserver/config"
	"huygens/devserver/watch"
	"huygens/pages/source"
)

// changed is told what the watcher found. Whether a page is fresh does not depend on it: that is checked when the
// page is asked for. Here browsers are told, huygens.toml is read again, and a folder that went is noticed.
func (v *serving) changed(b watch.Batch) {
	if b.Root != watch.RootSame {
		v.folderMoved(b.Root)
	}
	files := make([]string, 0, len(b.Changes))
	for _, c := range b.Changes {
		files = append(files, c.Path)
	}
	if len(files) > 0 {
		v.site.server.tell(ChangeEvent{Files: files})
		v.pool.Reset() // a pool that failed gets another chance
	}
	if slices.Contains(files, configName) || b.Root == watch.RootBack {
		v.reconfigure()
	}
	if v.live.Load().config.Reload.Enabled {
		v.hub.Told(b)
	}
	v.site.server.changed()
}

// folderMoved notes that the site's folder is gone, or that a folder lies at its path again: a new one is opened
// and the workers are replaced, since theirs is another.
func (v *serving) folderMoved(root watch.RootState) {
	log := v.site.server.log
	if root == watch.RootGone {
		v.gone.Store(true)
		log.Warn("the site's folder is gone", "folder", v.site.folder)
		return
	}
	folder, err := source.Open(v.site.folder)
	if err != nil {
		log.Error("opening the site's folder again", "error", err)
		return
	}
	l, err := v.newLive(folder, v.live.Load().config, source.Stamp{})
	if err != nil {
		folder.Close()
		log.Error("serving the site's folder again", "error", err)
		return
	}
	v.live.Store(l)
	v.retire(v.folder)
	v.folder = folder
	if err := v.pool.Recycle(v.context, "the site's folder is another one"); err != nil {
		log.Error("replacing the workers", "error", err)
	}
	v.gone.Store(false)
	log.Info("the site's folder is back", "folder", v.site.folder)
}

// retire closes a folder when no request can use it any more.
func (v *serving) retire(folder *source.Folder) {
	v.ended.Go(func() {
		select {
		case <-time.After(retireTime):
		case <-v.context.Done():
		}
		folder.Close()
	})
}

// retireTime is longer than any request keeps the configuration it began with without computing.
const retireTime = time.Minute

// reconfigure reads huygens.toml when it has been quiet, and puts it in force as a whole. On a fault the last
// good configuration stays, and the fault is told until it is mended.
func (v *serving) reconfigure() {
	old := v.live.Load()
	c, stamp, err := readConfig(old.folder, old.stamp)
	if err != nil {
		v.tellFault(err)
		return
	}
	l, err := v.newLive(old.folder, c, stamp)
	if err != nil {
		v.tellFault(err)
		return
	}
	v.live.Store(l)
	if v.faulty.Swap(false) {
		v.hub.OK()
	}
	v.site.server.traces.SetLimits(c.Trace.Keep, int64(c.Trace.Memory))
	v.repool(v.context, old, l)
}

// tellFault tells of a fault in huygens.toml: log, events, browsers.
func (v *serving) tellFault(err error) {
	if err == nil {
		return
	}
	v.faulty.Store(true)
	var all config.Errors
	if !errors.As(err, &all) {
		v.site.server.log.Error("reading huygens.toml", "error", err)
		v.hub.Error(err.Error(), configName, 0)
		return
	}
	for _, e := range all {
		v.site.server.log.Error(e.Error())
		v.site.server.tell(ErrorEvent{File: e.File, Line: e.Line, Column: e.Column, Message: e.Message})
	}
	v.hub.Error(all[0].Message, all[0].File, all[0].Line)
}

// Troubles are sentences about what is wrong with a site that runs.
func (s *Site) Troubles() []string {
	all := []string{}
	run := s.current()
	if run == nil {
		return all
	}
	if run.gone.Load() {
		all = append(all, "The site's folder is gone.")
	}
	if run.faulty.Load() {
		all = append(all, "huygens.toml has a fault; the last good one is in force.")
	}
	if p := run.watcher.Health().Problem; p != "" {
		all = append(all, p)
	}
	return all
}

// Problems counts the faults in the site's files that are known now.
func (s *Site) Problems() int {
	run := s.current()
	if run == nil {
		return 0
	}
	return run.problems.count() + len(s.Troubles())
}
