package static

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// Editors save in place and by rename while clients ask: each answer is one of the files, whole, and whoever
// asks after a save has the new one.
func TestSaves(t *testing.T) {
	s := newSite(t)
	text := func(i int) []byte { return bytes.Repeat([]byte{byte('a' + i%26)}, 4000+i) }
	s.write("page.html", text(0))
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				resp, body := s.ask("GET", "/page.html")
				if resp.StatusCode != 200 || len(body) < 4000 || bytes.Count(body, body[:1]) != len(body) {
					t.Errorf("%d with %d bytes", resp.StatusCode, len(body))
					return
				}
			}
		})
	}
	tags := map[string]bool{}
	for i := 1; i <= 60; i++ {
		if i%2 == 0 {
			s.write("page.html", text(i))
		} else {
			s.write("page.tmp", text(i))
			if err := os.Rename(filepath.Join(s.dir, "page.tmp"), filepath.Join(s.dir, "page.html")); err != nil {
				t.Fatal(err)
			}
		}
		resp, body := s.ask("GET", "/page.html")
		if !bytes.Equal(body, text(i)) {
			t.Fatalf("save %d: %d bytes of %q", i, len(body), body[:1])
		}
		tags[resp.Header.Get("ETag")] = true
	}
	close(done)
	readers.Wait()
	if len(tags) != 60 {
		t.Errorf("%d tags for 60 files", len(tags))
	}
}

// A touch changes neither bytes nor tag; a client that kept the file does not get it again.
func TestTouch(t *testing.T) {
	s := newSite(t)
	s.write("a.txt", []byte("text"))
	first, _ := s.ask("GET", "/a.txt")
	s.age("a.txt", time.Hour)
	if resp, _ := s.ask("GET", "/a.txt", "If-None-Match: "+first.Header.Get("ETag")); resp.StatusCode != http.StatusNotModified {
		t.Errorf("%d after a touch", resp.StatusCode)
	}
}

// Two saves within one second have one Last-Modified: it proves nothing any more.
func TestTwoSavesInOneSecond(t *testing.T) {
	for _, size := range []int{10, maxKept + 10} {
		s := newSite(t)
		s.write("a.txt", bytes.Repeat([]byte("1"), size))
		then := s.age("a.txt", time.Minute)
		first, _ := s.ask("GET", "/a.txt")
		s.write("a.txt", bytes.Repeat([]byte("2"), size))
		if err := os.Chtimes(filepath.Join(s.dir, "a.txt"), then, then.Add(500*time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		resp, body := s.ask("GET", "/a.txt", "If-Modified-Since: "+first.Header.Get("Last-Modified"))
		if resp.StatusCode != 200 || body[0] != '2' {
			t.Errorf("%d bytes: %d: the client would keep the old file", size, resp.StatusCode)
		}
		if resp.Header.Get("ETag") == first.Header.Get("ETag") {
			t.Errorf("%d bytes: two files with one tag", size)
		}
	}
}

func TestMemoryIsBounded(t *testing.T) {
	m := memory{most: 10 * (100 + recordCost)}
	for i := range 100 {
		m.put(&record{name: string(rune('a' + i%50)), data: make([]byte, 100)})
		if m.size > m.most || m.size != int64(len(m.records))*(100+recordCost) {
			t.Fatalf("%d bytes in %d records", m.size, len(m.records))
		}
	}
	if len(m.records) != 10 {
		t.Errorf("%d records", len(m.records))
	}
	m.put(&record{name: "a", data: make([]byte, m.most)})
	if m.get("a") != nil || m.size > m.most {
		t.Error("a record that does not fit is kept")
	}
}

// The second answer comes from memory, and says so.
func TestSentSaysHow(t *testing.T) {
	s := newSite(t)
	s.write("a.txt", []byte("text"))
	s.age("a.txt", time.Hour)
	for {
		s.ask("GET", "/a.txt")
		sent := <-s.sent
		if sent.Status != 200 || sent.Bytes != 4 || sent.Inserted {
			t.Fatalf("%+v", sent)
		}
		if sent.Memory {
			return // the change time was too near at first
		}
	}
}
