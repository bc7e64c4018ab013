# Keeps the first rule of a dependency file: cmake -DDEPFILE=FILE -P SimcDepfile.cmake. Before version 3.23 CMake reads no rules without
# prerequisites, which simc writes after it for Make.
file(READ "${DEPFILE}" rules)
string(REGEX REPLACE "\n.*" "\n" first "${rules}")
file(WRITE "${DEPFILE}" "${first}")
