package reload

import (
	"slices"
	"strings"
	"sync"
)

const (
	maxAddresses = 4096 // whose inputs are kept in mind
	maxInputs    = 4096 // of one address
	maxUpdates   = 32   // addresses told one by one
)

// dependencies is what each address was made from.
type dependencies struct {
	mu       sync.RWMutex // guards all fields below
	inputs   map[string][]string
	order    []string // addresses, the oldest first
	forgot   bool     // an address fell out
	overflow bool     // an address had more inputs than are kept
}

func (d *dependencies) set(address string, inputs []string) {
	d.mu.RLock()
	known, ok := d.inputs[address]
	d.mu.RUnlock()
	if ok && slices.Equal(known, inputs) {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.inputs == nil {
		d.inputs = map[string][]string{}
	}
	if len(inputs) > maxInputs {
		d.overflow, inputs = true, inputs[:maxInputs]
	}
	if _, ok := d.inputs[address]; !ok {
		d.order = append(d.order, address)
	}
	d.inputs[address] = slices.Clone(inputs)
	if len(d.order) > maxAddresses {
		delete(d.inputs, d.order[0])
		d.order, d.forgot = d.order[1:], true
	}
}

// of returns the addresses made from any of names, in order, without their queries. whole is false if there
// may be others that are not known any more.
func (d *dependencies) of(names ...string) (addresses []string, whole bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	for _, address := range d.order {
		for _, in := range d.inputs[address] {
			if slices.Contains(names, in) {
				bare, _, _ := strings.Cut(address, "?")
				addresses = append(addresses, bare)
				break
			}
		}
	}
	slices.Sort(addresses)
	return slices.Compact(addresses), !d.forgot && !d.overflow
}
