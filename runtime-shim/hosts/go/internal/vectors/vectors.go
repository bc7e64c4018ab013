// Package vectors plays the calls that every host plays, and compares what they give.
package vectors

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strings"

	"simc.example/simc"
)

// Exceptions are sequences that this host cannot play, by name, with the reason. They count as passed.
var exceptions = map[string]string{}

// A Source gives the options with which an artifact is loaded.
type Source func(artifact string) []simc.Option

type sequence struct {
	Name     string
	Artifact string
	Calls    []call
}

type call map[string]json.RawMessage

// Run plays all vectors of a folder on the artifacts of another one, and says what has failed.
func Run(out io.Writer, vectors, artifacts string, source Source) (passed, failed int, err error) {
	paths, err := filepath.Glob(filepath.Join(vectors, "*.json"))
	if err != nil {
		return 0, 0, err
	}
	sort.Strings(paths)
	manifest := map[string]string{}
	if err := readJSON(filepath.Join(artifacts, "manifest.json"), &manifest); err != nil {
		return 0, 0, err
	}
	models := map[string]*simc.Model{}
	for _, path := range paths {
		var file struct {
			Artifact  string
			Sequences []sequence
		}
		if err := readJSON(path, &file); err != nil {
			return passed, failed, err
		}
		stem := strings.TrimSuffix(filepath.Base(path), ".json")
		for _, sequence := range file.Sequences {
			if reason, isException := exceptions[sequence.Name]; isException {
				fmt.Fprintf(out, "exception: %s: %s: %s\n", stem, sequence.Name, reason)
				passed++
				continue
			}
			artifact := sequence.Artifact
			if artifact == "" {
				artifact = file.Artifact
			}
			p := &player{folder: artifacts, manifest: manifest, models: models, artifact: artifact, source: source}
			if err := p.play(sequence.Calls); err != nil {
				fmt.Fprintf(out, "failed: %s: %s: %v\n", stem, sequence.Name, err)
				failed++
				continue
			}
			passed++
		}
	}
	return passed, failed, nil
}

func readJSON(path string, into any) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(content, into)
}

func (p *player) play(calls []call) error {
	defer func() {
		if p.sim != nil {
			_ = p.sim.Close()
		}
	}()
	for number, call := range calls {
		place := fmt.Sprintf("call %d (%s)", number, text(call["call"]))
		found, err := p.call(context.Background(), call)
		wanted := call["error"]
		if err == nil && wanted != nil {
			return fmt.Errorf("%s: no error instead of %s", place, wanted)
		}
		if err != nil {
			var failure *simc.Error
			if !errors.As(err, &failure) || wanted == nil {
				return fmt.Errorf("%s: %w", place, err)
			}
			found = fields{"code": failure.Code, "suggestion": orNull(failure.Suggestion), "variable": failure.Variable, "byte": failure.Byte}
		} else if wanted = call["expect"]; wanted == nil {
			continue
		}
		if err := compare(wanted, found, place); err != nil {
			return err
		}
	}
	return nil
}

// fields are what a call has given.
type fields map[string]any

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// compare asks for everything that is expected; what is not mentioned does not matter.
func compare(wanted json.RawMessage, found fields, place string) error {
	shown, err := json.Marshal(found)
	if err != nil {
		return err
	}
	var a, b any
	if err := errors.Join(decode(wanted, &a), decode(shown, &b)); err != nil {
		return err
	}
	return compareValues(a, b, place)
}

func decode(text []byte, into *any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return decoder.Decode(into)
}

func compareValues(wanted, found any, place string) error {
	if object, isObject := wanted.(map[string]any); isObject {
		other, isObject := found.(map[string]any)
		if !isObject {
			return fmt.Errorf("%s: %v instead of %v", place, found, wanted)
		}
		for name, item := range object {
			value, isThere := other[name]
			if !isThere {
				return fmt.Errorf("%s: there is no %s", place, name)
			}
			if err := compareValues(item, value, place+"."+name); err != nil {
				return err
			}
		}
		return nil
	}
	if !reflect.DeepEqual(wanted, found) {
		return fmt.Errorf("%s: %v instead of %v", place, found, wanted)
	}
	return nil
}
