package pool

import "runtime/debug"

const defaultHardMemory = 1 << 30

// limitMemory bounds this process: memory is what it should stay below, in bytes, 0 the default. The collector
// works harder from 80 % of it; at twice of it the system refuses more, which ends a Go program.
func limitMemory(memory int64) error {
	hard := int64(defaultHardMemory)
	if memory > 0 {
		hard = 2 * memory
	}
	debug.SetMemoryLimit(hard / 2 / 10 * 8)
	return limitData(hard)
}
