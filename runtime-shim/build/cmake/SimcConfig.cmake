# The package Simc: the target Simc::simc, which is the compiler, and simc_add_model.
# SIMC_EXECUTABLE says where the compiler is; else it is looked for beside this package and on the path.

cmake_policy(PUSH)
cmake_policy(VERSION 3.20)

find_program(
  SIMC_EXECUTABLE
  NAMES simc
  HINTS "${CMAKE_CURRENT_LIST_DIR}/../../../bin"
  DOC "The compiler of system-dynamics models")

if(NOT SIMC_EXECUTABLE)
  set(Simc_FOUND FALSE)
  set(Simc_NOT_FOUND_MESSAGE "there is no program `simc`; install it, or say where it is with -DSIMC_EXECUTABLE=...")
  cmake_policy(POP)
  return()
endif()

if(NOT TARGET Simc::simc)
  add_executable(Simc::simc IMPORTED GLOBAL)
  set_target_properties(Simc::simc PROPERTIES IMPORTED_LOCATION "${SIMC_EXECUTABLE}")
endif()

# What no list of dependencies can have in a name would build again every time, or not at all.
function(simc_check_path target path)
  string(REGEX REPLACE "^[A-Za-z]:" "" rest "${path}")
  set(misread "[\"&'*;<>?^`|#]")
  if(CMAKE_GENERATOR MATCHES "Ninja")
    set(misread "[\"&'*;<>?^`|#$]")
  elseif(CMAKE_GENERATOR MATCHES "Makefiles")
    set(misread "[\"&'*;<>?^`|#:]")
  endif()
  if(rest MATCHES "(${misread})")
    message(FATAL_ERROR "simc_add_model(${target}): the path ${path} has a \"${CMAKE_MATCH_1}\", which ${CMAKE_GENERATOR} cannot have in a dependency: rename it")
  endif()
endfunction()

# simc_add_model(TARGET MODEL FILE [NATIVE] [PREFIX NAME] [OUTPUT FILE] [OPTIONS ...])
#
# Compiles a model whenever it, a file that it reads, or the compiler has changed. Without NATIVE the target builds the artifact,
# whose path is its property SIMC_ARTIFACT. With NATIVE it is a static library of native code with the header TARGET.h, whose names
# begin with NAME: the target's name unless given, with an underscore for what no identifier of C holds.
function(simc_add_model target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "NATIVE" "MODEL;PREFIX;OUTPUT" "OPTIONS")
  if(NOT arg_MODEL)
    message(FATAL_ERROR "simc_add_model(${target}): say which model, with MODEL FILE")
  endif()
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "simc_add_model(${target}): what is meant by ${arg_UNPARSED_ARGUMENTS}?")
  endif()
  get_filename_component(model "${arg_MODEL}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")

  if(arg_NATIVE)
    if(arg_OUTPUT)
      message(FATAL_ERROR "simc_add_model(${target}): OUTPUT is for artifacts; with NATIVE the library is the output")
    endif()
    set(folder "${CMAKE_CURRENT_BINARY_DIR}/${target}.simc")
    set(outputs "${folder}/${target}.o" "${folder}/${target}.h")
    if(NOT arg_PREFIX)
      string(MAKE_C_IDENTIFIER "${target}" arg_PREFIX)
    endif()
    if(NOT arg_PREFIX MATCHES "^[A-Za-z][A-Za-z0-9_]*$")
      message(FATAL_ERROR "simc_add_model(${target}): names of C cannot begin with \"${arg_PREFIX}\"; give another PREFIX")
    endif()
    set(kind --target native --prefix ${arg_PREFIX})
  else()
    if(arg_PREFIX)
      message(FATAL_ERROR "simc_add_model(${target}): PREFIX is for names in native code, and NATIVE is missing")
    endif()
    if(NOT arg_OUTPUT)
      set(arg_OUTPUT "${target}.wasm")
    endif()
    get_filename_component(outputs "${arg_OUTPUT}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")
    get_filename_component(folder "${outputs}" DIRECTORY)
    set(kind)
  endif()
  list(GET outputs 0 first)
  simc_check_path("${target}" "${model}")
  simc_check_path("${target}" "${first}")
  file(MAKE_DIRECTORY "${folder}")

  set(keep_first_rule)
  if(CMAKE_VERSION VERSION_LESS 3.23)
    set(keep_first_rule COMMAND "${CMAKE_COMMAND}" "-DDEPFILE=${first}.d" -P "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/SimcDepfile.cmake")
  endif()
  add_custom_command(
    OUTPUT ${outputs}
    COMMAND Simc::simc build "${model}" ${kind} -o "${first}" --depfile "${first}.d" ${arg_OPTIONS}
    ${keep_first_rule}
    DEPENDS "${model}" "${SIMC_EXECUTABLE}"
    DEPFILE "${first}.d"
    COMMENT "Compiling the model ${arg_MODEL}"
    VERBATIM)

  if(arg_NATIVE)
    set_source_files_properties("${first}" PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
    add_library(${target} STATIC ${outputs})
    # An object has no language; any that the project has makes the library.
    get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
    if(C IN_LIST languages)
      set(language C)
    elseif(CXX IN_LIST languages)
      set(language CXX)
    else()
      message(FATAL_ERROR "simc_add_model(${target}): NATIVE needs C or CXX among the LANGUAGES of the project")
    endif()
    set_target_properties(${target} PROPERTIES LINKER_LANGUAGE ${language})
    target_include_directories(${target} INTERFACE "${folder}")
  else()
    add_custom_target(${target} ALL DEPENDS ${outputs})
    set_target_properties(${target} PROPERTIES SIMC_ARTIFACT "${outputs}")
  endif()
endfunction()

cmake_policy(POP)
