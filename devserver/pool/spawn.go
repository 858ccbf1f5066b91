package pool

import (
	"runtime"
	"sync"
)

// A spawner starts processes from one thread that lives as long as they: on Linux a child is told to end when the
// thread that started it does. The zero spawner is ready for use.
type spawner struct {
	mu   sync.Mutex // held while a process is started; guards jobs
	jobs chan job
	done chan struct{}
}

type job struct {
	start func() error
	err   chan error
}

// run calls start on the spawner's thread.
func (s *spawner) run(start func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.jobs == nil {
		s.jobs, s.done = make(chan job), make(chan struct{})
		go s.serve(s.jobs, s.done) // ends with close
	}
	j := job{start, make(chan error, 1)}
	s.jobs <- j
	return <-j.err
}

func (s *spawner) serve(jobs <-chan job, done chan<- struct{}) {
	defer close(done)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for j := range jobs {
		j.err <- j.start()
	}
}

// close ends the thread. No process that it started lives any more.
func (s *spawner) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.jobs != nil {
		close(s.jobs)
		<-s.done
		s.jobs = nil
	}
}
