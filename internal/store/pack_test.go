package store_test

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

func TestTheDictionaryNeverChanges(t *testing.T) {
	t.Parallel()
	sum := sha256.Sum256(readDictionary(t))
	if got, want := hex.EncodeToString(sum[:8]), "7307a8c6853758ae"; got != want {
		t.Errorf("the dictionary is %s and was %s, so nothing that is stored can be read any more", got, want)
	}
}

func TestADayIsStoredWithTheDictionaryAndReadWithoutIt(t *testing.T) {
	t.Parallel()
	w := boltWorld(t)
	ref := newRef()
	reading, people := edition{"e", 3}.reading(w.clock())
	written, _ := ledger.Revise(nil, day, reading)
	check(t, w.Commit(t.Context(), ref, written, people))
	key := store.Key{Partition: "connector#" + ref.Tenant + "/" + ref.ID, Sort: "day#" + day.String()}
	item, err := w.table.Get(t.Context(), key)
	check(t, err)
	head, packed, _ := bytes.Cut(item.Body, []byte("\n"))
	text, err := io.ReadAll(flate.NewReaderDict(bytes.NewReader(packed), readDictionary(t)))
	check(t, err)

	var without bytes.Buffer
	compressor, err := flate.NewWriter(&without, flate.DefaultCompression)
	check(t, err)
	_, err = compressor.Write(text)
	check(t, err)
	check(t, compressor.Close())
	if len(packed) > without.Len()*7/10 {
		t.Errorf("%d bytes with the dictionary, %d without", len(packed), without.Len())
	}
	item.Body = append(append(head, '\n'), without.Bytes()...)
	check(t, w.table.Put(t.Context(), *item))
	read, err := w.Day(t.Context(), ref, day)
	check(t, err)
	if *read.ActiveUsers != *written.ActiveUsers {
		t.Errorf("%d active users, want %d", *read.ActiveUsers, *written.ActiveUsers)
	}
}

func readDictionary(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile("dictionary.txt")
	check(t, err)
	return text
}
