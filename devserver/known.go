package devserver

import (
	"sync"

	"huygens/pages"
	"huygens/pages/source"
)

// knownInputs remembers what the answers of each resource were made from: a worker tells it when it compiles.
type knownInputs struct {
	mu     sync.Mutex // guards byFile
	byFile map[string][]string
}

func (k *knownInputs) set(file string, names []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.byFile == nil {
		k.byFile = map[string][]string{}
	}
	k.byFile[file] = names
}

func (k *knownInputs) of(file string) []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.byFile[file]
}

// privateCode are the plain scripts that server code has imported (design.md, 5: code is private).
type privateCode struct {
	mu    sync.RWMutex // guards names
	names map[string]bool
}

func (p *privateCode) add(inputs []source.Input) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, in := range inputs {
		if codeFile(in) {
			if p.names == nil {
				p.names = map[string]bool{}
			}
			p.names[in.Name] = true
		}
	}
}

func (p *privateCode) has(name string) bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.names[name]
}

// problems are the faults that the last answer of each resource had.
type problems struct {
	mu     sync.Mutex // guards byFile
	byFile map[string]int
}

// set notes the faults of an answer, and says whether there are more or fewer than before.
func (p *problems) set(file string, faults []pages.Fault) (changed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byFile[file] == len(faults) {
		return false
	}
	if p.byFile == nil {
		p.byFile = map[string]int{}
	}
	p.byFile[file] = len(faults)
	if len(faults) == 0 {
		delete(p.byFile, file)
	}
	return true
}

func (p *problems) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, faults := range p.byFile {
		n += faults
	}
	return n
}
