//go:build !race

package main

// raced is true when the race detector makes everything several times slower.
const raced = false
