package script

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/dop251/goja"
	"github.com/dop251/goja/parser"
)

// Members is an object of the host as the script sees it: page, request, what hangs on them. It is asked at each use.
type Members interface {
	Get(name string) (value any, ok bool) // nil is undefined; an error is thrown
	Set(name string, value any) error     // an error is thrown
	Names() []string                      // what there is, for enumeration and for advice about misspelt names
}

// A Host is what one script finds around it.
type Host struct {
	// Globals are found by their names without import: Go values, func(*Call) (any, error), Members.
	Globals map[string]any
	// Watchdog interrupts the script when it runs long and the heap is full; nil: nobody does.
	Watchdog *Watchdog
}

// ErrNoFunction is the cause of the error when a function is called that the program does not have.
var ErrNoFunction = errors.New("there is no such function")

// maxCalls bounds the depth of calls in a script.
const maxCalls = 1000

// A Runtime is one request's run of a Program.
type Runtime struct {
	program *Program
	vm      *goja.Runtime
	host    Host
	exports *goja.Object
	calls   int // depth of Start and Call, one inside the other

	stop     stopper
	loop     loop
	rejected []*goja.Promise           // rejections that nobody has handled
	causes   map[*goja.Object]error    // the Go errors of thrown error objects
	backed   map[*goja.Object]struct{} // objects that stand for Go values
	shown    map[Members]*goja.Object  // so that the same object of the host is the same in the script
	builtins map[string]*goja.Object   // kept from the script's hands
	closed   bool
	broken   error // why nothing can be called any more
	watched  *watched
}

// Start makes a Runtime and runs the top level of the program. Deadline and cancellation of ctx interrupt whatever
// runs until Close, but for a Call with another context. Without error the Runtime must be closed.
func (p *Program) Start(ctx context.Context, h Host) (*Runtime, error) {
	r := &Runtime{program: p, vm: goja.New(), host: h}
	r.vm.SetMaxCallStackSize(maxCalls)
	r.vm.SetParserOptions(parser.WithDisableSourceMaps) // else eval would read files that a comment names
	r.vm.SetPromiseRejectionTracker(r.trackRejection)
	r.loop.init()
	r.stop.init(ctx, r.vm)
	r.watched = h.Watchdog.add(r)
	if err := r.vm.GlobalObject().SetPrototype(r.vm.NewDynamicObject(globals{r})); err != nil {
		r.Close()
		return nil, fmt.Errorf("starting %s: %w", p.name, err)
	}
	p.guards.install(r)
	_, err := r.run(ctx, p.name, func() (goja.Value, error) {
		v, err := r.vm.RunProgram(p.code)
		if err == nil {
			r.exports, _ = v.(*goja.Object)
		}
		return nil, err
	})
	if err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// Call calls a function with arguments as a Host gives values, and returns its result. If that is a promise, Call waits
// for it and returns what it was fulfilled with. Rejections that nobody handles are errors of the Call in which
// they are seen. Within a host function Call can be used too; then nothing is waited for, and a promise is
// returned as an opaque value.
func (r *Runtime) Call(ctx context.Context, name string, args ...any) (any, error) {
	if !r.program.Has(name) {
		return nil, fmt.Errorf("calling %s of %s: %w", name, r.program.name, ErrNoFunction)
	}
	return r.run(ctx, name, func() (goja.Value, error) {
		f := r.exports.Get(name)
		call, ok := goja.AssertFunction(f)
		if !ok {
			return nil, &Error{File: r.program.name, Message: name + " is not a function"}
		}
		return call(goja.Undefined(), r.toScripts(args)...)
	})
}

// Get returns what the program exports under a name, functions as *Function.
func (r *Runtime) Get(name string) (value any, ok bool) {
	v := r.exports.Get(name)
	if v == nil {
		return nil, false
	}
	return r.fromScript(v), true
}

// run runs a piece of the script to its end, with all that follows from it.
func (r *Runtime) run(ctx context.Context, name string, f func() (goja.Value, error)) (any, error) {
	if r.closed {
		return nil, fmt.Errorf("calling %s of %s: the script is closed", name, r.program.name)
	}
	if r.broken != nil {
		return nil, fmt.Errorf("calling %s of %s: %w", name, r.program.name, r.broken)
	}
	if err := context.Cause(ctx); err != nil {
		return nil, &Error{File: r.program.name, Message: fmt.Sprintf("%s was not called: %v", name, err), Err: err}
	}
	if r.calls > 0 {
		r.calls++
		defer func() { r.calls-- }()
		v, err := f()
		if err != nil {
			return nil, r.fault(err)
		}
		return r.fromScript(v), nil
	}
	r.calls++
	r.watched.begin()
	r.loop.ctx = ctx
	release := r.stop.hold(ctx)
	v, err := guarded(f)
	if err == nil {
		v, err = r.settle(ctx, name, v)
	}
	release()
	if err != nil {
		r.loop.drop()
		err = r.afterwards(err)
	}
	r.loop.calm()
	r.watched.end()
	r.calls--
	rejected := r.rejected
	r.rejected = nil
	switch {
	case err != nil && !(errors.Is(err, ErrNever) && len(rejected) > 0):
		return nil, r.fault(err)
	case len(rejected) > 0:
		return nil, r.rejection(rejected[0].Result())
	}
	return r.fromScript(v), nil
}

// afterwards makes the runtime fit for the next call after one that has failed.
func (r *Runtime) afterwards(err error) error {
	r.stop.settle()
	if known := (*Error)(nil); errors.As(err, &known) && known.thrown == nil || isException(err) {
		return err
	}
	fault := r.fault(err)
	if failed := r.heal(); failed != nil {
		r.broken = failed
	}
	return fault
}

// isException says whether an error of the engine could have been caught.
func isException(err error) bool {
	_, ok := err.(*goja.Exception)
	return ok
}

// guarded makes an error of a panic in the engine or in a host function's value, so that it ends one request only.
func guarded(f func() (goja.Value, error)) (v goja.Value, err error) {
	defer func() {
		if x := recover(); x != nil {
			cause, ok := x.(error)
			if !ok {
				cause = fmt.Errorf("%v", x)
			}
			err = &Error{Message: fmt.Sprintf("the script engine failed: %v", x), Err: cause}
		}
	}()
	return f()
}

// Interrupt ends what the script is doing, from any goroutine: the Call returns an error whose cause is err. When
// nothing runs it hits what runs next.
func (r *Runtime) Interrupt(err error) {
	r.stop.now(err)
	r.loop.wake(err)
}

// Close drops what is still to be done and waits for the asynchronous work that host functions have started; its
// contexts are cancelled. In-place values must not be used any more.
func (r *Runtime) Close() {
	r.closed = true
	r.stop.close()
	r.loop.close()
	r.watched.remove()
}

// NewObject returns a new plain object of the script as in-place value.
func (r *Runtime) NewObject() any { return &object{inPlace{r, r.vm.NewObject()}} }

// A stopper interrupts the engine when the context that counts is over. The engine keeps an interruption until it
// takes effect; so one that comes late must not reach what runs next.
type stopper struct {
	vm   *goja.Runtime
	ctx  context.Context // of Start
	free func() bool     // takes the watch off ctx

	mu         sync.Mutex // guards the fields below and, with them, the engine's interruption
	generation int
	given      error // to now, and without effect so far
}

func (s *stopper) init(ctx context.Context, vm *goja.Runtime) {
	s.ctx, s.vm = ctx, vm
	s.free = s.watch(ctx)
}

// watch interrupts when ctx is over, unless the generation is another by then.
func (s *stopper) watch(ctx context.Context) (stop func() bool) {
	if ctx.Done() == nil {
		return func() bool { return true }
	}
	generation := s.generation
	return context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.generation == generation {
			s.vm.Interrupt(context.Cause(ctx))
		}
	})
}

// hold makes ctx the context that counts until release is called.
func (s *stopper) hold(ctx context.Context) (release func()) {
	if ctx == s.ctx {
		return func() {}
	}
	s.next()
	stop := s.watch(ctx)
	return func() {
		stop()
		s.next()
		s.free()
		s.free = s.watch(s.ctx)
	}
}

// next makes interruptions void that contexts have asked for.
func (s *stopper) next() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.generation++
	if s.given == nil {
		s.vm.ClearInterrupt()
	} else {
		s.vm.Interrupt(s.given)
	}
}

// settle forgets an interruption that has had its effect, or comes too late to have one.
func (s *stopper) settle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.given = nil
	s.vm.ClearInterrupt()
}

func (s *stopper) now(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.given = err
	s.vm.Interrupt(err)
}

func (s *stopper) close() {
	s.free()
	s.next()
}
