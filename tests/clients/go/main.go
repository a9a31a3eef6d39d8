// Package main holds an interview with a generated client; which one, its build tag says.
package main

import (
	"context"
	"encoding/json"
	"os"
)

const written = "I bake bread."

var spoken = []struct{ id, text string }{{"e2", "I bake cakes"}, {"e3", "for weddings."}}

type told struct {
	Done     bool      `json:"done"`
	Clocks   []bool    `json:"clocks"`
	Sources  []*string `json:"sources"`
	Words    []string  `json:"words"`
	Refusals []string  `json:"refusals"`
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

func main() {
	check(json.NewEncoder(os.Stdout).Encode(hold(context.Background())))
}
