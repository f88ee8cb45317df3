package githubsim

import (
	"bytes"
	"io"
	"sync"
)

// knownFiles keeps the files that were written, for all servers of the process: many simulate the same accounts.
var knownFiles fileCache

// They are bounded: a large file is written anew each time, and all are forgotten where they become too many.
const (
	maxKnownFile  = 256 << 10
	maxKnownFiles = 64 << 20
)

// fileCache keeps files by their ETag, which names all that their content depends on.
type fileCache struct {
	mu     sync.Mutex
	byTag  map[string][]byte
	length int // of all of them
}

// write writes a file. Two first questions at once cost the work twice, never a wait on each other.
func (c *fileCache) write(w io.Writer, tag string, p population, f file) error {
	c.mu.Lock()
	known, ok := c.byTag[tag]
	c.mu.Unlock()
	if ok {
		_, err := w.Write(known)
		return err
	}
	var copied beginning
	if err := writeReport(io.MultiWriter(&copied, w), p, f); err != nil {
		return err
	}
	if !copied.cut {
		c.keep(tag, copied.Bytes())
	}
	return nil
}

func (c *fileCache) keep(tag string, content []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, known := c.byTag[tag]; known {
		return
	}
	if c.byTag == nil || c.length+len(content) > maxKnownFiles {
		c.byTag, c.length = make(map[string][]byte), 0
	}
	c.byTag[tag] = content
	c.length += len(content)
}

// beginning holds what is written, no more of it than is worth keeping.
type beginning struct {
	bytes.Buffer
	cut bool
}

func (b *beginning) Write(text []byte) (int, error) {
	if b.cut = b.cut || b.Len()+len(text) > maxKnownFile; !b.cut {
		b.Buffer.Write(text)
	}
	return len(text), nil
}
