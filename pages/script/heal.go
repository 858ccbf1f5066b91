package script

import (
	"errors"
	"sync"

	"github.com/dop251/goja"
)

// When an interruption passes through an async function or a generator, the engine forgets to take that off its
// stack of calls. It believes from then on that it is still inside a call, and runs no promise jobs at the end of one.
// heal brings the stack in order by means that the engine has for others; TestHeal says whether they still work.

// healing are programs that heal uses; they are the same for all runtimes.
var healing = sync.OnceValues(func() (programs [2]*goja.Program, err error) {
	if programs[0], err = goja.Compile(internalName, "", true); err != nil {
		return programs, err
	}
	programs[1], err = goja.Compile(internalName, "(async function (stop) { stop() })", true)
	return programs, err
})

var errHealing = errors.New("the script engine could not be brought in order after an interruption")

// heal takes forgotten calls off the stack. With a limit of 0, a program that is run inside of a call is refused
// before it is put onto the stack and yet taken off it: one of the forgotten ones goes. Outside of all calls it is run,
// and heal is done.
func (r *Runtime) heal() (err error) {
	defer func() {
		if recover() != nil {
			err = errHealing
		}
	}()
	r.vm.ClearInterrupt()
	programs, err := healing()
	if err != nil {
		return err
	}
	// Each refused program also takes two values off the stack of values. So put some onto it first, the arguments of
	// an async function that is stopped.
	f, err := r.vm.RunProgram(programs[1])
	if err != nil {
		return err
	}
	stop := r.vm.ToValue(func(goja.FunctionCall) goja.Value { panic(&stopped{err: errHealing}) })
	arguments := make([]goja.Value, 2*maxForgotten)
	for i := range arguments {
		arguments[i] = stop
	}
	call, _ := goja.AssertFunction(f)
	_, _ = call(goja.Undefined(), arguments...) // it is stopped
	r.vm.SetMaxCallStackSize(0)
	defer r.vm.SetMaxCallStackSize(maxCalls)
	for range maxForgotten {
		if _, err := r.vm.RunProgram(programs[0]); err == nil {
			return nil
		}
	}
	return errHealing
}

// maxForgotten is how many forgotten calls heal can take off.
const maxForgotten = 16
