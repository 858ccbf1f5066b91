package watch

import (
	"testing"
	"time"
)

// Each event is given in milliseconds; a batch is told when it is due and no further event came before.
func TestPace(t *testing.T) {
	tests := []struct {
		name   string
		events []int
		want   []int // when batches are told
	}{
		{"a lone save", []int{0}, []int{8}},
		{"truncate and write", []int{0, 1, 2}, []int{10}},
		{"two saves far apart", []int{0, 500}, []int{8, 508}},
		{"one save after another", []int{0, 30, 70}, []int{8, 46, 102}},
		{"a long stream is told after 100 ms", every(5, 0, 200), []int{100, 205}},
		{"a stream of files slows the telling down", every(20, 0, 1000), []int{8, 36, 140, 260, 408, 620, 840, 1060}},
		{"after quiet it is quick again", append(every(20, 0, 200), 2000), []int{8, 36, 140, 260, 2008}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := play(test.events)
			if len(got) != len(test.want) {
				t.Fatalf("told at %v, want %v", got, test.want)
			}
			for i := range got {
				if got[i] != test.want[i] {
					t.Fatalf("told at %v, want %v", got, test.want)
				}
			}
		})
	}
}

func every(step, from, to int) (all []int) {
	for at := from; at <= to; at += step {
		all = append(all, at)
	}
	return all
}

func play(events []int) (told []int) {
	start := time.Unix(1000, 0)
	p := pace{most: slowest}
	for i := 0; i <= len(events); i++ {
		for {
			due, ringing := p.due()
			if !ringing || i < len(events) && !due.Before(start.Add(time.Duration(events[i])*time.Millisecond)) {
				break
			}
			told = append(told, int(due.Sub(start)/time.Millisecond))
			p.tell(due)
		}
		if i < len(events) {
			p.ring(start.Add(time.Duration(events[i]) * time.Millisecond))
		}
	}
	return told
}
