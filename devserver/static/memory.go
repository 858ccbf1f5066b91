package static

import "sync"

const recordCost = 512 // bytes of a record without its data, roughly

// memory keeps records by site path, up to a number of bytes.
type memory struct {
	most int64

	mu      sync.RWMutex // guards records and size
	records map[string]*record
	size    int64
}

func (m *memory) get(name string) *record {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.records[name]
}

// put keeps a record in the place of an older one. When there is no room, whatever comes to hand makes it: a
// file that is asked for is back at once.
func (m *memory) put(r *record) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.records == nil {
		m.records = map[string]*record{}
	}
	m.drop(r.name)
	for name := range m.records {
		if m.size+cost(r) <= m.most {
			break
		}
		m.drop(name)
	}
	if m.size+cost(r) <= m.most {
		m.records[r.name] = r
		m.size += cost(r)
	}
}

func (m *memory) drop(name string) {
	if r := m.records[name]; r != nil {
		m.size -= cost(r)
		delete(m.records, name)
	}
}

func cost(r *record) int64 { return int64(len(r.data)) + recordCost }
