package config

// A Pool is [pool] or an entry of [[pools]].
type Pool struct {
	Name           string
	Hosting        string // "process" or "in-process"
	Pipeline       string // "integrated" or "classic"
	Workers        int
	Concurrency    int // requests that run in one worker
	Queue          int // requests that wait; one more gets 503
	RequestTimeout Duration
	Start          string // "request" or "now"
	StartTimeout   Duration
	Repeat         bool     // GET and HEAD once more after a worker's death
	Idle           Duration // 0: off
	Drain          Duration
	Faults         string // "off", "on" or "count"
	Recycle        Recycle
	Health         Health
	RapidFail      RapidFail
	Identity       Identity
}

// Recycle is [pool.recycle]: when a worker is replaced. 0 is off.
type Recycle struct {
	After        Duration
	Requests     int
	Memory       Size // resident; 0: no limit of ours, the system's is 1 GB
	At           []Clock
	Compilations int
}

// Health is [pool.health].
type Health struct {
	Ping   Duration // 0: off
	Answer Duration
}

// RapidFail is [pool.rapidFail].
type RapidFail struct {
	Crashes int // 0: off
	Within  Duration
}

// Identity is [pool.identity]: as whom and with what a worker runs.
type Identity struct {
	User    string   // "": as the front
	Env     []string // names that are handed on
	Write   []string // site paths of folders
	Network *bool    // nil: yes in a trusted site, no in others
}

func defaultPool(name string) Pool {
	return Pool{
		Name: name, Hosting: "process", Pipeline: "integrated",
		Workers: 1, Concurrency: 64, Queue: 1000,
		RequestTimeout: 10 * second, Start: "request", StartTimeout: 10 * second,
		Idle: 20 * minute, Drain: 90 * second, Faults: "off",
		Recycle:   Recycle{After: 29 * hour, Memory: 512 << 20, At: []Clock{{Hour: 3}}, Compilations: 200},
		Health:    Health{Ping: 5 * second, Answer: 5 * second},
		RapidFail: RapidFail{Crashes: 5, Within: 5 * minute},
		Identity:  Identity{Env: []string{"PATH"}, Write: []string{"App_Data"}},
	}
}

const (
	maxWorkers = 64
	maxCount   = 1_000_000
)

func (d *decoder) pool(t table, p *Pool) {
	t.text("name", &p.Name, plainText)
	t.choice("hosting", &p.Hosting, "process", "in-process")
	t.choice("pipeline", &p.Pipeline, "integrated", "classic")
	t.number("workers", &p.Workers, 1, maxWorkers)
	t.number("concurrency", &p.Concurrency, 1, 10_000)
	t.number("queue", &p.Queue, 1, maxCount)
	t.duration("requestTimeout", &p.RequestTimeout, never)
	t.choice("start", &p.Start, "request", "now")
	t.duration("startTimeout", &p.StartTimeout, never)
	t.yes("repeat", &p.Repeat)
	t.duration("idle", &p.Idle, zeroIsOff)
	t.duration("drain", &p.Drain, never)
	t.faults(&p.Faults)

	if r, ok := t.table("recycle"); ok {
		r.duration("after", &p.Recycle.After, zeroIsOff)
		r.number("requests", &p.Recycle.Requests, 0, maxCount)
		r.size("memory", &p.Recycle.Memory, zeroIsOff)
		r.clocks("at", &p.Recycle.At)
		r.number("compilations", &p.Recycle.Compilations, 0, maxCount)
		r.done()
	}
	if h, ok := t.table("health"); ok {
		h.duration("ping", &p.Health.Ping, zeroIsOff)
		h.duration("answer", &p.Health.Answer, never)
		h.done()
	}
	if f, ok := t.table("rapidFail"); ok {
		f.number("crashes", &p.RapidFail.Crashes, 0, maxCount)
		f.duration("within", &p.RapidFail.Within, never)
		f.done()
	}
	if i, ok := t.table("identity"); ok {
		i.text("user", &p.Identity.User, plainText)
		i.texts("env", &p.Identity.Env, environmentName)
		i.texts("write", &p.Identity.Write, sitePath)
		i.maybe("network", &p.Identity.Network)
		i.done()
	}
	t.done()
}

// faults reads false, true or "count".
func (t table) faults(into *string) {
	v, ok := t.take("faults")
	switch {
	case !ok:
	case v == false:
		*into = "off"
	case v == true:
		*into = "on"
	case v == "count":
		*into = "count"
	default:
		t.fault("faults", `faults is false, true or "count"`, "")
	}
}

// pools reads [pool] and [[pools]].
func (d *decoder) pools(root table, c *Config) {
	if t, ok := root.table("pool"); ok {
		d.pool(t, &c.Pools[0])
	}
	seen := map[string]bool{c.Pools[0].Name: true}
	for _, t := range root.tables("pools") {
		p := defaultPool("")
		d.pool(t, &p)
		switch {
		case p.Name == "":
			t.fault("name", "a further pool needs a name", `name = "Blog"`)
		case seen[p.Name]:
			t.fault("name", "there are two pools of this name", "[pool] is the pool "+c.Pools[0].Name)
		}
		seen[p.Name] = true
		c.Pools = append(c.Pools, p)
	}
}
