// Package engine drives a run: it configures the providers, evaluates the files
// block by block, reads the live objects, lets the planner compare, and carries
// a plan out while it keeps the state.
//
// One row of a table goes this way. Each step is in the file that it names, or
// in that of the step above it.
//
//	Open                 configures the accounts                    engine.go
//	Plan                                                            plan.go
//	  begin              the state must be of these accounts        binding.go
//	  planBlocks         blocks that others refer to come first     block.go, order.go
//	  planResource       a resource block                           resource.go
//	    expand           the row becomes an instance                expand.go
//	    desire           spelt as the account spells it             normal.go
//	    prepare          which of its values go                     losses.go
//	    prepare          which values go with what their keys name    losses.go
//	    ensure           what it may be is read: the whole kind,    read.go
//	                     what belongs to other objects,             family.go
//	                     what changed since the last time,          changed.go
//	                     or single objects;                         lookup.go
//	                     what a list may show wrongly, by id        confirm.go
//	    Roster.Pair      the planner finds which object it is
//	    Provide          later blocks may refer to it               value.go
//	  planData           data blocks are read on the way            data.go
//	  planMapping        mappings are joined to their targets       mapping.go
//	  decide             the planner compares: one change of an
//	                     object, whoever wants it; then what no
//	                     block declares any more
//	  checkKeys          keys of maps must name what exists         keys.go
//	  readBelow          what the CRM deletes along                 below.go
//	  assemble           operations, waves, cost and guard          assemble.go
//	Apply                                                           apply.go
//	  stateOnly          what makes no call is recorded             record.go
//	  waves              each when those before it are done
//	    operation        one call                                   operation.go
//	      ready          with what earlier waves made known         fill.go
//	      intend         the state has a create before it is sent
//	      call           Provider.Do; a lost create is looked up    lost.go
//	      apart          a refused call of several authors, again
//	                     for each of them                           apart.go
//	      take           the verdict                                ledger.go
//	                     moves the change on                        stage.go
//	      store          the state has what is done                 record.go
//	  conclude           postconditions, outputs, compaction
//	  report             what is in effect                          report.go
//
// Reading cannot write: a reading (read.go) has a source with List and Get only.
// Applying has one ledger of what each change came to, which is locked, and
// around it a sender, a filler, a finder and a recorder, each with its own
// reason to change.
package engine
