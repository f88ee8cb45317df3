package store_test

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
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

func TestTheDictionaryMakesADayShorter(t *testing.T) {
	t.Parallel()
	w, ref, _ := worldWithDay(t)
	_, packed := storedDay(t, w, ref)
	text := unzipped(t, packed)
	var without bytes.Buffer
	compressor := zlib.NewWriter(&without)
	_, err := compressor.Write(text)
	check(t, err)
	check(t, compressor.Close())
	if len(packed) > without.Len()*7/10 {
		t.Errorf("%d bytes with the dictionary, %d without", len(packed), without.Len())
	}
}

func TestADamagedDayIsNoticed(t *testing.T) {
	t.Parallel()
	w, ref, written := worldWithDay(t)
	item, packed := storedDay(t, w, ref)
	whole := bytes.Clone(packed)
	for i := range packed {
		packed[i] ^= 1 << (i % 8)
		check(t, w.table.Put(t.Context(), *item))
		read, err := w.Day(t.Context(), ref, day)
		if err == nil && !bytes.Equal(asJSON(t, read), asJSON(t, &written)) {
			t.Errorf("byte %d is damaged, and another day is read", i)
		}
		packed[i] = whole[i]
		item.Version++
	}
}

func TestADayThatNamesAnotherDictionaryIsNotRead(t *testing.T) {
	t.Parallel()
	w, ref, _ := worldWithDay(t)
	item, packed := storedDay(t, w, ref)
	var other bytes.Buffer
	compressor, err := zlib.NewWriterLevelDict(&other, zlib.DefaultCompression, bytes.ReplaceAll(readDictionary(t), []byte("\n"), []byte("\r\n")))
	check(t, err)
	_, err = compressor.Write(unzipped(t, packed))
	check(t, err)
	check(t, compressor.Close())
	item.Body = append(bytes.TrimSuffix(item.Body, packed), other.Bytes()...)
	check(t, w.table.Put(t.Context(), *item))
	if _, err := w.Day(t.Context(), ref, day); !errors.Is(err, zlib.ErrDictionary) {
		t.Errorf("%v", err)
	}
}

func TestAValueThatIsTooLongIsNotReadInPart(t *testing.T) {
	t.Parallel()
	w, ref, _ := worldWithDay(t)
	item, packed := storedDay(t, w, ref)
	var long bytes.Buffer
	compressor, err := zlib.NewWriterLevelDict(&long, zlib.BestSpeed, readDictionary(t))
	check(t, err)
	_, err = compressor.Write(append(unzipped(t, packed), bytes.Repeat([]byte(" "), 32<<20)...))
	check(t, errors.Join(err, compressor.Close()))
	item.Body = append(bytes.TrimSuffix(item.Body, packed), long.Bytes()...)
	check(t, w.table.Put(t.Context(), *item))
	if read, err := w.Day(t.Context(), ref, day); !fault.Is(err, fault.Store) {
		t.Errorf("read %v, %v", read, err)
	}
}

// The files of testdata are a day's item in each form that was ever written. They are never written anew.
func TestADayIsReadInEachFormThatWasStored(t *testing.T) {
	t.Parallel()
	for form, mark := range map[string]string{"raw": "", "raw-with-dictionary": "", "zlib-with-dictionary": "x\xbb"} {
		w, ref, written := worldWithDay(t)
		item, now := storedDay(t, w, ref)
		body, err := os.ReadFile("testdata/day." + form)
		check(t, err)
		_, packed, _ := bytes.Cut(body, []byte("\n"))
		if !bytes.HasPrefix(packed, []byte(mark)) {
			t.Errorf("%s begins with %x", form, packed[:2])
		}
		if mark != "" && !bytes.Equal(packed[:6], now[:6]) { // the format, and the dictionary's checksum
			t.Errorf("a day begins with %x and began with %x", now[:6], packed[:6])
		}
		item.Body = body
		check(t, w.table.Put(t.Context(), *item))
		read, err := w.Day(t.Context(), ref, day)
		check(t, err)
		if got, want := asJSON(t, read), asJSON(t, &written); !bytes.Equal(got, want) {
			t.Errorf("%s is read as\n%s\nand was\n%s", form, got, want)
		}
	}
}

func worldWithDay(t *testing.T) (*world, connector.Ref, ledger.Day) {
	t.Helper()
	w, ref := boltWorld(t), newRef()
	reading, people := edition{"e", 3}.reading(w.clock.Now())
	written, _ := ledger.Revise(nil, day, reading)
	check(t, w.Commit(t.Context(), ref, written, people))
	read, err := w.Day(t.Context(), ref, day)
	check(t, err)
	return w, ref, *read
}

// storedDay returns a day's item, and the part of its body that is compressed.
func storedDay(t *testing.T, w *world, ref connector.Ref) (item *store.Item, packed []byte) {
	t.Helper()
	key := store.Key{Partition: "connector#" + ref.Tenant + "/" + ref.ID, Sort: "day#" + day.String()}
	item, err := w.table.Get(t.Context(), key)
	check(t, err)
	_, packed, _ = bytes.Cut(item.Body, []byte("\n"))
	return item, packed
}

func unzipped(t *testing.T, packed []byte) []byte {
	t.Helper()
	reader, err := zlib.NewReaderDict(bytes.NewReader(packed), readDictionary(t))
	check(t, err)
	text, err := io.ReadAll(reader)
	check(t, err)
	return text
}

func asJSON(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	check(t, err)
	return text
}

func readDictionary(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile("dictionary.txt")
	check(t, err)
	return text
}
