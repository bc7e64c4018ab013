/**
 * Runs system-dynamics models (XMILE, Stella, Vensim) that the compiler simc has made into WebAssembly artifacts, on Endive, a
 * WebAssembly engine for the Java machine.
 *
 * <p>A {@link simc.Model} is an artifact and what it says of itself, a {@link simc.Run} the results of a run, a {@link simc.Sim} one
 * instance that is steered, a {@link simc.Batch} the results of many runs. Whatever goes wrong is a {@link simc.SimcException} with a
 * {@link simc.Code}.
 */
package simc;
