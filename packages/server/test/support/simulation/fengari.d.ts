/** The little of fengari, a Lua in JavaScript, that the simulation uses. */
declare module 'fengari' {
  type LuaState = object
  type LuaString = Uint8Array
  export const lua: {
    lua_newtable(state: LuaState): void
    lua_pushboolean(state: LuaState, value: boolean): void
    lua_pushcfunction(state: LuaState, fn: (state: LuaState) => number): void
    lua_pushnumber(state: LuaState, value: number): void
    lua_pushstring(state: LuaState, value: LuaString): void
    lua_setfield(state: LuaState, index: number, key: LuaString): void
    lua_setglobal(state: LuaState, name: LuaString): void
    lua_rawgeti(state: LuaState, index: number, key: number): void
    lua_rawseti(state: LuaState, index: number, key: number): void
    lua_gettop(state: LuaState): number
    lua_settop(state: LuaState, top: number): void
    lua_isboolean(state: LuaState, index: number): boolean
    lua_toboolean(state: LuaState, index: number): boolean
    lua_isnil(state: LuaState, index: number): boolean
    lua_type(state: LuaState, index: number): number
    lua_tonumber(state: LuaState, index: number): number
    lua_tojsstring(state: LuaState, index: number): string
    lua_pcall(state: LuaState, args: number, results: number, handler: number): number
    readonly LUA_TNUMBER: number
    readonly LUA_TSTRING: number
    readonly LUA_TTABLE: number
    readonly LUA_OK: number
  }
  export const lauxlib: {
    luaL_newstate(): LuaState
    luaL_loadstring(state: LuaState, source: LuaString): number
  }
  export const lualib: { luaL_openlibs(state: LuaState): void }
  export const to_luastring: (text: string) => LuaString
}
