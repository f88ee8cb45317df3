package store

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	_ "embed" // for the dictionary
	"encoding/json"
	"fmt"
	"hash/adler32"
	"io"
	"strings"
	"sync"

	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// maxUnpacked bounds the size of one unpacked item.
const maxUnpacked = 32 << 20

// dictionaryText has the names and words that most values contain. Compressed values refer to it, which makes a day shorter by more
// than a third. It must never change, because what is stored could not be read any more.
//
//go:embed dictionary.txt
var dictionaryText []byte

// dictionarySum is the dictionary's Adler-32. Each compressed value names it.
const dictionarySum = 0x8fa79828

var dictionary = checked(dictionaryText)

// checked stops a program that was built with another dictionary, before it writes what no other program can read.
func checked(text []byte) []byte {
	if sum := adler32.Checksum(text); sum != dictionarySum {
		panic(fmt.Sprintf("internal/store/dictionary.txt has the checksum %08x and must have %08x. Check it out without other line ends, and build again.",
			sum, dictionarySum))
	}
	return text
}

// compressors are reused, because each has more than a megabyte. They write zlib's format (RFC 1950), which names the dictionary
// and ends with a checksum of the value.
var compressors = sync.Pool{New: func() any {
	compressor, _ := zlib.NewWriterLevelDict(nil, zlib.DefaultCompression, dictionary) // fails only for an unknown level
	return compressor
}}

// pack returns an item's body for a value: compressed JSON, because most of a day's record is repeated names.
func pack(op string, value any) ([]byte, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, failed(op, err)
	}
	return deflate(op, text)
}

func unpack(op string, packed []byte, into any) error {
	text, err := inflate(op, packed)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return failed(op, fmt.Errorf("what is stored cannot be read: %w", err))
	}
	return nil
}

// deflate compresses an item's body.
func deflate(op string, text []byte) ([]byte, error) {
	packed, err := deflated(op, text)
	if err != nil {
		return nil, err
	}
	if len(packed) > MaxBody {
		return nil, &fault.Error{Code: fault.TooMany, Op: op, Err: fmt.Errorf("%d bytes are more than one item holds", len(packed))}
	}
	return packed, nil
}

// errTooLong is the cause if a value has more than maxUnpacked bytes.
var errTooLong = fmt.Errorf("it has more than %d bytes", maxUnpacked)

// deflated compresses a value that may be longer than an item.
func deflated(op string, text []byte) ([]byte, error) {
	if len(text) > maxUnpacked {
		return nil, &fault.Error{Code: fault.TooMany, Op: op, Err: errTooLong}
	}
	var packed bytes.Buffer
	compressor := compressors.Get().(*zlib.Writer)
	defer compressors.Put(compressor)
	compressor.Reset(&packed)
	if _, err := compressor.Write(text); err != nil {
		return nil, failed(op, err)
	}
	if err := compressor.Close(); err != nil {
		return nil, failed(op, err)
	}
	return packed.Bytes(), nil
}

// decompressors are reused, because each has about fifty kilobytes, and a year has hundreds of days.
var decompressors = sync.Pool{New: func() any {
	decompressor, _ := zlib.NewReader(strings.NewReader("x\x9c\x03\x00\x00\x00\x00\x01")) // of nothing
	return decompressor
}}

// zlibMark begins each value in zlib's format. The values of before 0.2.0 have neither mark nor checksum, and cannot begin with it.
const zlibMark = 'x'

func inflate(op string, packed []byte) ([]byte, error) {
	text, err := inflated(packed)
	if err != nil {
		return nil, failed(op, fmt.Errorf("what is stored cannot be read: %w", err))
	}
	return text, nil
}

func inflated(packed []byte) ([]byte, error) {
	if len(packed) == 0 || packed[0] != zlibMark {
		return readPacked(flate.NewReaderDict(bytes.NewReader(packed), dictionary), len(packed))
	}
	decompressor := decompressors.Get().(io.ReadCloser)
	defer decompressors.Put(decompressor)
	if err := decompressor.(zlib.Resetter).Reset(bytes.NewReader(packed), dictionary); err != nil {
		return nil, err
	}
	return readPacked(decompressor, len(packed))
}

// usualRatio is how many times longer most values are than their stored form.
const usualRatio = 3

func readPacked(from io.Reader, packed int) ([]byte, error) {
	text := bytes.NewBuffer(make([]byte, 0, usualRatio*packed+bytes.MinRead))
	_, err := text.ReadFrom(io.LimitReader(from, maxUnpacked+1))
	if err == nil && text.Len() > maxUnpacked {
		err = errTooLong
	}
	return text.Bytes(), err
}
