package trace

import "slices"

// exactDrops is how many drops are remembered one by one.
const exactDrops = 1024

// dropped remembers which changes fell out of the Log, so that readers can be told how many they missed.
// Changes fall out in ascending order.
type dropped struct {
	changes []uint64 // the newest, as a ring from next on
	next    int
	older   uint64 // how many before those
}

func (d *dropped) add(change uint64) {
	if len(d.changes) < exactDrops {
		d.changes = append(d.changes, change)
		return
	}
	d.changes[d.next] = change
	d.next = (d.next + 1) % exactDrops
	d.older++
}

// after is how many of those that fell out came after the number n. It is exact for n = 0 and for readers at
// most exactDrops behind; for others the part that is no longer remembered is taken as evenly spread.
func (d *dropped) after(n uint64) uint64 {
	if len(d.changes) == 0 {
		return 0
	}
	oldest := d.changes[d.next%len(d.changes)]
	if n < oldest {
		return uint64(len(d.changes)) + d.older - uint64(float64(d.older)*float64(n)/float64(oldest))
	}
	newer, _ := slices.BinarySearchFunc(d.changes[d.next:], n+1, compare)
	if newer < len(d.changes[d.next:]) {
		return uint64(len(d.changes) - newer)
	}
	rest, _ := slices.BinarySearchFunc(d.changes[:d.next], n+1, compare)
	return uint64(d.next - rest)
}

func compare(a, b uint64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
