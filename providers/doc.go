// Package providers is the contract between the engine and the services that
// it reconciles. Each service has a folder of its own below; the shared HTTP
// transport is in providers/transport, and the conformance suite that every
// provider must pass in providers/providertest.
//
// The engine lists a kind once and compares in memory; it then hands the
// writes of a wave to Group, a pure function that decides which of them share
// one API call, and gives each resulting Operation to Do. So a plan is data
// that can be counted, shown, saved and compared before anything is sent.
package providers
