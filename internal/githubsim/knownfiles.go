package githubsim

import (
	"bytes"
	"io"
	"sync"
)

// knownFiles keeps files for all servers of the process, because many servers simulate the same accounts.
var knownFiles fileCache

// The bounds of knownFiles. Large files are not kept, and when there are too many files all are forgotten.
const (
	maxKnownFile  = 256 << 10
	maxKnownFiles = 64 << 20
)

// fileCache keeps files by their ETag, which names everything on which the content depends.
type fileCache struct {
	mu     sync.Mutex
	byTag  map[string][]byte
	length int // of all of them
}

// write writes a file. Two first requests at once do the work twice, but neither waits for the other.
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

// beginning keeps the written bytes, up to the size that is worth keeping.
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
