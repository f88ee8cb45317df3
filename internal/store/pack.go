package store

import (
	"bytes"
	"compress/flate"
	_ "embed" // for the dictionary
	"encoding/json"
	"fmt"
	"io"
	"sync"

	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// maxUnpacked bounds the size of one unpacked item.
const maxUnpacked = 32 << 20

// dictionary has the names and words that most values contain. Compressed values refer to it, which makes a day shorter by more
// than a third. It must never change, because what is stored could not be read any more. A value that was compressed without it can be read.
//
//go:embed dictionary.txt
var dictionary []byte

// compressors are reused, because each has more than a megabyte.
var compressors = sync.Pool{New: func() any {
	compressor, _ := flate.NewWriterDict(nil, flate.DefaultCompression, dictionary) // fails only for an unknown level
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

// deflated compresses a value that may be longer than an item.
func deflated(op string, text []byte) ([]byte, error) {
	var packed bytes.Buffer
	compressor := compressors.Get().(*flate.Writer)
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
var decompressors = sync.Pool{New: func() any { return flate.NewReader(nil) }}

// usualRatio is how many times longer most values are than their stored form.
const usualRatio = 3

func inflate(op string, packed []byte) ([]byte, error) {
	decompressor := decompressors.Get().(io.ReadCloser)
	defer decompressors.Put(decompressor)
	if err := decompressor.(flate.Resetter).Reset(bytes.NewReader(packed), dictionary); err != nil {
		return nil, failed(op, err)
	}
	text := bytes.NewBuffer(make([]byte, 0, usualRatio*len(packed)+bytes.MinRead))
	if _, err := text.ReadFrom(io.LimitReader(decompressor, maxUnpacked)); err != nil {
		return nil, failed(op, fmt.Errorf("what is stored cannot be read: %w", err))
	}
	return text.Bytes(), nil
}
